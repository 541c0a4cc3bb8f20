/// What networks for text share: batches of tokens, attention, sampling, generation with a cache.
package dev.headstart.zoo.text;
