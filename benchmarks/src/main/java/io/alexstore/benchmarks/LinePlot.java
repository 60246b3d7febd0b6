package io.alexstore.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Lines over logarithmic axes, as SVG. Written by hand, since chart libraries draw by AWT, which a
 * JDK on a server often lacks the fonts for; browsers have them.
 */
final class LinePlot {

  private static final int WIDTH = 720;
  private static final int HEIGHT = 420;
  private static final int LEFT = 70;
  private static final int RIGHT = 190;
  private static final int TOP = 40;
  private static final int BOTTOM = 55;
  private static final int LEGEND_LINE = 20;
  private static final List<String> COLOURS =
      List.of("#d62728", "#1f77b4", "#2ca02c", "#9467bd", "#ff7f0e", "#8c564b", "#7f7f7f");

  private final String title;
  private final String across;
  private final String up;
  private final Map<String, List<Point>> lines = new LinkedHashMap<>();

  private record Point(double x, double y) {}

  /**
   * A plot without lines.
   *
   * @param across what the horizontal axis shows
   * @param up what the vertical axis shows
   */
  LinePlot(String title, String across, String up) {
    this.title = title;
    this.across = across;
    this.up = up;
  }

  /** Adds a point to a line, from left to right. Both coordinates are positive. */
  void add(String line, double x, double y) {
    lines.computeIfAbsent(line, name -> new ArrayList<>()).add(new Point(x, y));
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  /** The picture. */
  String svg() {
    Axis x = Axis.of(lines.values().stream().flatMap(List::stream).map(Point::x).toList());
    Axis y = Axis.of(lines.values().stream().flatMap(List::stream).map(Point::y).toList());
    StringBuilder svg = new StringBuilder();
    line(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
            + " font-family=\"sans-serif\" font-size=\"13\">",
        WIDTH,
        HEIGHT,
        WIDTH);
    line(svg, "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, HEIGHT);
    text(svg, WIDTH / 2.0, 22, "middle", "font-size=\"15\"", title);
    text(svg, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, "middle", "", across);
    text(svg, 18, HEIGHT / 2.0, "middle", "transform=\"rotate(-90 18 " + HEIGHT / 2 + ")\"", up);
    for (int power = x.from(); power <= x.to(); power++) {
      double at = x(x, Math.pow(10, power));
      stroke(svg, at, TOP, at, HEIGHT - BOTTOM);
      text(svg, at, HEIGHT - BOTTOM + 18, "middle", "", number(power));
    }
    for (int power = y.from(); power <= y.to(); power++) {
      double at = y(y, Math.pow(10, power));
      stroke(svg, LEFT, at, WIDTH - RIGHT, at);
      text(svg, LEFT - 8, at + 4, "end", "", number(power));
    }
    int number = 0;
    for (Map.Entry<String, List<Point>> entry : lines.entrySet()) {
      draw(svg, x, y, entry.getKey(), entry.getValue(), number++);
    }
    return svg.append("</svg>\n").toString();
  }

  private static void draw(
      StringBuilder svg, Axis x, Axis y, String name, List<Point> points, int number) {
    String colour = COLOURS.get(number % COLOURS.size());
    StringBuilder path = new StringBuilder();
    for (Point point : points) {
      path.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(x, point.x()), y(y, point.y())));
      line(
          svg,
          "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>",
          x(x, point.x()),
          y(y, point.y()),
          colour);
    }
    line(
        svg,
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"/>",
        path.toString().trim(),
        colour,
        number == 0 ? "3" : "2");
    double at = TOP + 10.0 + LEGEND_LINE * number;
    double left = WIDTH - RIGHT + 15.0;
    line(
        svg,
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"14\" height=\"4\" fill=\"%s\"/>",
        left,
        at - 6,
        colour);
    text(svg, left + 20, at, "start", "", name);
  }

  /** Whole powers of ten. */
  private record Axis(int from, int to) {
    static Axis of(List<Double> values) {
      double least = values.stream().mapToDouble(v -> v).min().orElse(1);
      double most = values.stream().mapToDouble(v -> v).max().orElse(1);
      int from = (int) Math.floor(Math.log10(least));
      return new Axis(from, Math.max(from + 1, (int) Math.ceil(Math.log10(most))));
    }

    /** From 0 to 1. */
    double part(double value) {
      return (Math.log10(value) - from) / (to - from);
    }
  }

  private static double x(Axis axis, double value) {
    return LEFT + axis.part(value) * (WIDTH - RIGHT - LEFT);
  }

  private static double y(Axis axis, double value) {
    return HEIGHT - BOTTOM - axis.part(value) * (HEIGHT - BOTTOM - TOP);
  }

  private static String number(int power) {
    return power >= 0
        ? String.format(Locale.ROOT, "%,.0f", Math.pow(10, power))
        : String.format(Locale.ROOT, "%." + -power + "f", Math.pow(10, power));
  }

  private static void stroke(StringBuilder svg, double x1, double y1, double x2, double y2) {
    line(
        svg,
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>",
        x1,
        y1,
        x2,
        y2);
  }

  private static void text(
      StringBuilder svg, double x, double y, String anchor, String more, String text) {
    String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
    line(
        svg,
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" %s>%s</text>",
        x,
        y,
        anchor,
        more,
        escaped);
  }

  private static void line(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
