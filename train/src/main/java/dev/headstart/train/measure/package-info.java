/// What can be said before training (which model, which gap, which cost), while it runs, and afterwards.
package dev.headstart.train.measure;
