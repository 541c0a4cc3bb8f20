/// Options that commands share.
package dev.headstart.cli.options;
