/// Finds the architecture that a weight file belongs to; the architectures stand in the packages below, with the names their weights have
/// in files.
package dev.headstart.zoo;
