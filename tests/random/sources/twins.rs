twins! {
    net_00 = 0: Net00, Net00Shapes, Net00Inputs, {in_spikes: SpikeArray, signal: FloatArray} -> {out_0, out_1, out_2, out_3, out_4};
    net_01 = 1: Net01, Net01Shapes, Net01Inputs, {in_spikes: SpikeArray, current: CurrentArray} -> {out_0, out_1, out_2, out_3};
    net_02 = 2: Net02, Net02Shapes, Net02Inputs, {in_spikes: SpikeArray, signal: FloatArray} -> {out_0, out_1, out_2};
    net_03 = 3: Net03, Net03Shapes, Net03Inputs, {in_spikes: SpikeArray, current: CurrentArray} -> {out_0, out_1, out_2, out_3};
    net_04 = 4: Net04, Net04Shapes, Net04Inputs, {in_spikes: SpikeArray, current: CurrentArray} -> {out_0, out_1, out_2, out_3};
    net_05 = 5: Net05, Net05Shapes, Net05Inputs, {in_spikes: SpikeArray, signal: FloatArray, current: CurrentArray} -> {out_0, out_1, out_2};
    net_06 = 6: Net06, Net06Shapes, Net06Inputs, {in_spikes: SpikeArray, signal: FloatArray, current: CurrentArray} -> {out_0, out_1, out_2};
    net_07 = 7: Net07, Net07Shapes, Net07Inputs, {in_spikes: SpikeArray, current: CurrentArray} -> {out_0, out_1};
    net_08 = 8: Net08, Net08Shapes, Net08Inputs, {in_spikes: SpikeArray, current: CurrentArray} -> {out_0, out_1, out_2};
    net_09 = 9: Net09, Net09Shapes, Net09Inputs, {in_spikes: SpikeArray, signal: FloatArray} -> {out_0, out_1, out_2};
    net_10 = 10: Net10, Net10Shapes, Net10Inputs, {in_spikes: SpikeArray, signal: FloatArray} -> {out_0, out_1, out_2};
    net_11 = 11: Net11, Net11Shapes, Net11Inputs, {in_spikes: SpikeArray, current: CurrentArray} -> {out_0, out_1, out_2, out_3, out_4, out_5, out_6, out_7};
    net_12 = 12: Net12, Net12Shapes, Net12Inputs, {in_spikes: SpikeArray, signal: FloatArray} -> {out_0, out_1, out_2, out_3};
    net_13 = 13: Net13, Net13Shapes, Net13Inputs, {in_spikes: SpikeArray, current: CurrentArray} -> {out_0};
    net_14 = 14: Net14, Net14Shapes, Net14Inputs, {in_spikes: SpikeArray, signal: FloatArray} -> {out_0, out_1, out_2};
    net_15 = 15: Net15, Net15Shapes, Net15Inputs, {in_spikes: SpikeArray, signal: FloatArray, current: CurrentArray} -> {out_0, out_1, out_2};
    net_16 = 16: Net16, Net16Shapes, Net16Inputs, {in_spikes: SpikeArray, current: CurrentArray} -> {out_0, out_1};
    net_17 = 17: Net17, Net17Shapes, Net17Inputs, {in_spikes: SpikeArray, signal: FloatArray, current: CurrentArray} -> {out_0, out_1, out_2, out_3, out_4};
    net_18 = 18: Net18, Net18Shapes, Net18Inputs, {in_spikes: SpikeArray, signal: FloatArray} -> {out_0, out_1, out_2, out_3};
    net_19 = 19: Net19, Net19Shapes, Net19Inputs, {in_spikes: SpikeArray, signal: FloatArray, current: CurrentArray} -> {out_0, out_1, out_2};
    net_20 = 20: Net20, Net20Shapes, Net20Inputs, {in_spikes: SpikeArray, signal: FloatArray, current: CurrentArray} -> {out_0, out_1, out_2, out_3};
    net_21 = 21: Net21, Net21Shapes, Net21Inputs, {in_spikes: SpikeArray, signal: FloatArray} -> {out_0, out_1};
    net_22 = 22: Net22, Net22Shapes, Net22Inputs, {in_spikes: SpikeArray, signal: FloatArray} -> {out_0, out_1};
    net_23 = 23: Net23, Net23Shapes, Net23Inputs, {in_spikes: SpikeArray, signal: FloatArray} -> {out_0, out_1};
}
