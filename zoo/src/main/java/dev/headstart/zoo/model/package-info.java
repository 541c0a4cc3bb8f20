/// What every architecture is made of: contracts, published names and layouts, configurations, surgery.
package dev.headstart.zoo.model;
