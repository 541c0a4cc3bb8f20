/// The command line: one class for each command, and what they share. A failure is reported in one sentence.
package dev.headstart.cli;
