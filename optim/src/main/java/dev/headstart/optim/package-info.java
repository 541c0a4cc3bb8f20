/// Part of Headstart.
package dev.headstart.optim;
