/** UDP ports with segmentation offload, for Linux. Found at run time; exports nothing. */
module dev.cutlass.gso {
    requires dev.cutlass.core;
    requires static org.jspecify;

    provides dev.cutlass.spi.DatagramPortProvider with
            dev.cutlass.gso.GsoPortProvider;
}
