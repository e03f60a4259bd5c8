//! Random networks as `spark codegen` prints them.

pub mod net_00;
pub mod net_01;
pub mod net_02;
pub mod net_03;
pub mod net_04;
pub mod net_05;
pub mod net_06;
pub mod net_07;
pub mod net_08;
pub mod net_09;
pub mod net_10;
pub mod net_11;
pub mod net_12;
pub mod net_13;
pub mod net_14;
pub mod net_15;
pub mod net_16;
pub mod net_17;
pub mod net_18;
pub mod net_19;
pub mod net_20;
pub mod net_21;
pub mod net_22;
pub mod net_23;
