//! What the deciders decide: one file per aggregate, in given / when / then on events; the grid of every state, command
//! and role; properties over any sequence of commands; and the golden corpus of the event catalogue.

#[cfg(test)]
mod account;
#[cfg(test)]
mod basket;
#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod delegation;
#[cfg(test)]
mod examples;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod grid;
#[cfg(test)]
mod institution;
#[cfg(test)]
mod order;
#[cfg(test)]
mod organisation;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod quote;
#[cfg(test)]
mod shop;
