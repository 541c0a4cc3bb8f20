/// Part of Headstart.
package dev.headstart.zoo;
