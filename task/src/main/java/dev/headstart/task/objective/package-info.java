/// Objectives of which the loss belongs to one architecture.
package dev.headstart.task.objective;
