/// What a network can do, as interfaces that objectives ask for, and the batches it does it with: no architecture has its name here.
package dev.headstart.nn.model;
