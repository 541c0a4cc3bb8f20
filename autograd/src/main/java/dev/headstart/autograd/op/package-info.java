/// Part of Headstart.
package dev.headstart.autograd.op;
