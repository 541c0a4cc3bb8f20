/// What is drawn on a terminal: the line of progress, and tables of text.
package dev.headstart.cli.terminal;
