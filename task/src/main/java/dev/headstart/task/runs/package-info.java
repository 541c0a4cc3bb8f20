/// Runs that are over or still going, read from their folders and laid side by side.
package dev.headstart.task.runs;
