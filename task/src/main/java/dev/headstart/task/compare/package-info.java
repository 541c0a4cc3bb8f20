/// What a head start is worth: the same task from pre-trained, shuffled and random weights.
package dev.headstart.task.compare;
