/// Carrying weights from one network, or one file, into another.
package dev.headstart.nn.transfer;
