/// What is done with a network as a whole: the folders its files are kept in.
package dev.headstart.task;
