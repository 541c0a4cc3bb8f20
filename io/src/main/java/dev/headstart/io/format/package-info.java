/// What the formats of weight files share: the contract of a reader ([WeightFormat]), the table of contents it makes, and how elements are
/// read from it. Below the formats. Not exported.
package dev.headstart.io.format;
