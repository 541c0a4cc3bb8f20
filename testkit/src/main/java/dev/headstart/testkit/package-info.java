/// Part of Headstart.
package dev.headstart.testkit;
