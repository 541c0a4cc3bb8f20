/// Losses.
package dev.headstart.nn.loss;
