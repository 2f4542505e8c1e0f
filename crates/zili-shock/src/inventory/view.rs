//! What one step shows to whoever keeps results. Amounts are per step, in the table's unit; industries in the table's order.

/// What kept an industry from making more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    /// It has no output at all.
    Nothing,
    /// Nobody ordered more.
    Demand,
    /// Its own capacity.
    Capacity,
    /// The stock of this product.
    Input(u32),
    /// Inputs as a whole, where they replace each other.
    Inputs,
}

pub(crate) struct View<'a> {
    pub step: usize,
    pub production: &'a [f64],
    pub capacity: &'a [f64],
    /// Orders of inputs received.
    pub intermediate_demand: &'a [f64],
    pub final_demand: &'a [f64],
    pub rebuild_demand: &'a [f64],
    pub rebuild_delivered: &'a [f64],
    /// Factor by which capacity is stretched.
    pub overproduction: &'a [f64],
    /// Final demand not delivered, by supplier.
    pub final_undelivered: &'a [f64],
    /// Final demand not met, by consuming region and product.
    pub final_unmet: &'a [f64],
    /// Stock at the start of the step of a product that an industry holds.
    pub stock: &'a dyn Fn(usize, usize) -> f64,
    pub bound: &'a [Bound],
    /// Share of orders of inputs that is filled, by supplier.
    pub filled: &'a [f64],
    /// Share of a supplier's flow to a region that is not denied.
    pub open: &'a dyn Fn(usize, usize) -> f64,
    /// Productive capital not yet restored.
    pub capital_lost: &'a [f64],
}
