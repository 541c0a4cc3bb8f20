/// Part of Headstart.
package dev.headstart.io;
