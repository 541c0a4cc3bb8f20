/// What a user does with a pre-trained network: kinds of work, and the verbs on them.
package dev.headstart.task;
