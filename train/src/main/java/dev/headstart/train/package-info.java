/// Part of Headstart.
package dev.headstart.train;
