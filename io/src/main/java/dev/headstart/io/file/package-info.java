/// How files are opened, read in places, written whole and put in place of others. Not exported.
package dev.headstart.io.file;
