/// The command line: one class for each command, and what they share. What goes wrong is told in one sentence.
package dev.headstart.cli;
