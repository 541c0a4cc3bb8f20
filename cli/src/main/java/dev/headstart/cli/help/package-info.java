/// What the command line says of itself: help, manual, completion, and what a misspelt word was meant to be.
@NullMarked
package dev.headstart.cli.help;

import org.jspecify.annotations.NullMarked;
