//! What the service promises, shown through its router and its real binary.

#[cfg(test)]
mod acceptance {
    mod architecture;
    mod rights;
    mod way;
}
