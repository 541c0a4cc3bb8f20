/// Architectures, with the names their weights have in files.
package dev.headstart.zoo;
