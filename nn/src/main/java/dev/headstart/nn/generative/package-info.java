/// Networks that are trained without labels: Boltzmann machines, belief nets and autoencoders, with the noise they need.
package dev.headstart.nn.generative;
