/// Attention, and the transformer block made of it.
package dev.headstart.nn.attention;
