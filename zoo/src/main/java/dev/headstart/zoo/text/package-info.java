/// What networks for text share: batches of tokens, attention, sampling.
package dev.headstart.zoo.text;
