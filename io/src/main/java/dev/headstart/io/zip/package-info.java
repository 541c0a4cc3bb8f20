/// The members of zip files, in which several formats pack their tensors. Not exported.
package dev.headstart.io.zip;
