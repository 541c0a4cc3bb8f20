/// The operators, one file each: shapes, backward, errors, source; what is kept for backward is the record's components.
package dev.headstart.autograd.op;
