/// Part of Headstart.
package dev.headstart.cli;
