/// Part of Headstart.
package dev.headstart.nn.transfer;
