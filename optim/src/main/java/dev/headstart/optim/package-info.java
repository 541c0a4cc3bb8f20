/// Optimisers, learning-rate schedules, parameter groups: what happens to parameters when their gradients are known.
package dev.headstart.optim;
