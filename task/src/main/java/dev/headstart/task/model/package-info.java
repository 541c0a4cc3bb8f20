/// Pre-trained networks as people have them, and what each can do.
package dev.headstart.task.model;
