package dev.cutlass.bench.compare;

/** A contender all of whose packets go to one UDP port, so that a link in user space can stand between its two sides. */
interface UdpContender extends Contender {
    /** The port in what the server called its address. */
    int port(String address);

    /** The same server, found at another port of the loopback address. */
    String at(String address, int port);
}
