/// HDF5 as Keras and h5py write it, and the `.keras` file around it. Not exported.
package dev.headstart.io.hdf5;
