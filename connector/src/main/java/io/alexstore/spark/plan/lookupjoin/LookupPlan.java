package io.alexstore.spark.plan.lookupjoin;

import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/**
 * A join that is to be looked up.
 *
 * @param join the join
 * @param probes the side whose rows are looked up in the other
 * @param spec the join as lookups
 * @param choice how, and why
 */
record LookupPlan(Join join, LogicalPlan probes, LookupJoinSpec spec, LookupChoice choice) {}
