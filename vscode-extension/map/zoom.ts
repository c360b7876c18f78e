import { type Selection, select } from "d3-selection";
import { type D3ZoomEvent, type ZoomBehavior, zoom, zoomIdentity, zoomTransform } from "d3-zoom";
import type { Graph, Node } from "./graph";
import type { Zoom } from "./state";
import { shift } from "./walk";

const LEAST = 0.15;
const MOST = 3;
/** Texts are hard to read below this scale: a graph is not made smaller to be seen as a whole at first. */
const READABLE = 0.6;
/** Pixels that may be scrolled beyond the graph. */
const BEYOND = 300;

/** What part of a drawing is seen: dragging and the wheel move it, the wheel with Ctrl or a pinch zooms. */
export class Lens {
  private readonly behaviour: ZoomBehavior<SVGSVGElement, unknown>;
  private readonly selection: Selection<SVGSVGElement, unknown, null, undefined>;
  private graph: Graph | undefined;

  constructor(
    private readonly svg: SVGSVGElement,
    private readonly view: SVGGElement,
    moved: (zoom: Zoom) => void,
  ) {
    this.selection = select(svg);
    this.behaviour = zoom<SVGSVGElement, unknown>()
      .scaleExtent([LEAST, MOST])
      .filter((event: MouseEvent) =>
        event.type === "wheel" ? event.ctrlKey || event.metaKey : event.button === 0,
      )
      .on("zoom", ({ transform }: D3ZoomEvent<SVGSVGElement, unknown>) => {
        this.view.setAttribute("transform", transform.toString());
      })
      .on("end", ({ transform: { x, y, k } }: D3ZoomEvent<SVGSVGElement, unknown>) => moved({ x, y, k }));
    this.selection.call(this.behaviour).on("dblclick.zoom", null);
    this.svg.addEventListener("wheel", (event) => this.scroll(event), { passive: false });
  }

  /** The graph that is looked at. */
  size(graph: Graph): void {
    this.graph = graph;
    const corner: [number, number] = [graph.width + BEYOND, graph.height + BEYOND];
    this.behaviour.translateExtent([[-BEYOND, -BEYOND], corner]);
  }

  get(): Zoom {
    const { x, y, k } = zoomTransform(this.svg);
    return { x, y, k };
  }

  set({ x, y, k }: Zoom): void {
    this.selection.call(this.behaviour.transform, zoomIdentity.translate(x, y).scale(k));
  }

  /** Shows the graph's top as wide as it can be read. */
  start(): void {
    if (this.graph === undefined) return;
    const { width } = this.svg.getBoundingClientRect();
    const k = Math.max(READABLE, Math.min(1, width / this.graph.width));
    this.set({ x: Math.max(0, (width - this.graph.width * k) / 2), y: 0, k });
  }

  /** Shows all of the graph. */
  fit(): void {
    if (this.graph === undefined) return;
    const { width, height } = this.svg.getBoundingClientRect();
    const k = Math.max(LEAST, Math.min(1, width / this.graph.width, height / this.graph.height));
    this.set({ x: (width - this.graph.width * k) / 2, y: (height - this.graph.height * k) / 2, k });
  }

  by(factor: number): void {
    this.selection.call(this.behaviour.scaleBy, factor);
  }

  /** Moves the view as little as it takes to see a node. */
  reveal(node: Node): void {
    const { width, height } = this.svg.getBoundingClientRect();
    const { x, y, k } = this.get();
    const right = shift(x + node.x * k, node.width * k, width);
    const down = shift(y + node.y * k, node.height * k, height);
    if (right !== 0 || down !== 0) this.selection.call(this.behaviour.translateBy, right / k, down / k);
  }

  private scroll(event: WheelEvent): void {
    if (event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const { k } = this.get();
    this.selection.call(this.behaviour.translateBy, (-event.deltaX * unit) / k, (-event.deltaY * unit) / k);
  }
}
