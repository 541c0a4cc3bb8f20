/// Recipes: the options of a command in a file, and back.
package dev.headstart.cli.recipe;
