/// The folders that models are kept in.
package dev.headstart.task.folder;
