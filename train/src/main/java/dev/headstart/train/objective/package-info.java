/// Objectives: what is learnt from some examples.
package dev.headstart.train.objective;
