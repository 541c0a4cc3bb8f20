/// Labelled examples of a user's own: which there are, how they are split, and how guesses compare with their labels.
package dev.headstart.task.data;
