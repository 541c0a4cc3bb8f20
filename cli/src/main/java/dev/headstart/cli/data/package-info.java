/// The user's own texts and tables, read strictly: what cannot be read is reported with its file and line.
package dev.headstart.cli.data;
