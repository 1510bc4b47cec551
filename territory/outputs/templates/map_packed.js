/* Lines and squares kept as small integers, painted on canvas tiles, found again under a click. */
(function () {
  "use strict";
  function bytes(text) {
    const raw = atob(text), out = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) out[i] = raw.charCodeAt(i);
    return out;
  }

  /* A shape is unpacked once and shared by every layer that colours it. */
  L.PackedShape = function (p) {
    const n = new Uint16Array(bytes(p.n).buffer), raw = bytes(p.xy).buffer;
    const d = p.wide ? new Int32Array(raw) : new Int16Array(raw), N = n.length;
    const f = Math.pow(10, -p.decimals);
    this.xy = new Float64Array(d.length);
    this.off = new Uint32Array(N + 1);
    this.box = new Float64Array(4 * N);
    this.owner = p.owner ? new Uint32Array(bytes(p.owner).buffer) : null;
    this.count = N;
    let lx = p.origin[0], ly = p.origin[1], j = 0;
    for (let i = 0; i < N; i++) {
      let a = Infinity, b = Infinity, c = -Infinity, e = -Infinity;
      this.off[i] = j;
      for (let q = 0; q < n[i]; q++, j++) {
        lx += d[2 * j]; ly += d[2 * j + 1];
        const at = L.PackedShape.project(lx * f, ly * f);
        this.xy[2 * j] = at[0]; this.xy[2 * j + 1] = at[1];
        a = Math.min(a, at[0]); c = Math.max(c, at[0]);
        b = Math.min(b, at[1]); e = Math.max(e, at[1]);
      }
      this.box.set([a, b, c, e], 4 * i);
    }
    this.off[N] = j;
  };
  /* Web Mercator on the unit square. */
  L.PackedShape.project = function (lng, lat) {
    const s = Math.sin(lat * Math.PI / 180);
    return [(lng + 180) / 360, 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)];
  };
  L.PackedShape.prototype.of = function (part) { return this.owner ? this.owner[part] : part; };
  L.PackedShape.prototype.crosses = function (part, x, y) {
    let odd = false;
    const P = this.xy;
    for (let j = this.off[part], end = this.off[part + 1], q = end - 1; j < end; q = j++) {
      if ((P[2 * j + 1] > y) !== (P[2 * q + 1] > y) &&
          x < (P[2 * q] - P[2 * j]) * (y - P[2 * j + 1]) / (P[2 * q + 1] - P[2 * j + 1]) + P[2 * j]) {
        odd = !odd;
      }
    }
    return odd;
  };
  /* Number of the polygon under a point, -1 when none; holes count as outside. */
  L.PackedShape.prototype.at = function (latlng) {
    const at = L.PackedShape.project(latlng.lng, latlng.lat), x = at[0], y = at[1], inside = new Set();
    for (let i = 0; i < this.count; i++) {
      const B = 4 * i, b = this.box;
      if (x < b[B] || x > b[B + 2] || y < b[B + 1] || y > b[B + 3] || !this.crosses(i, x, y)) continue;
      const k = this.of(i);
      if (inside.has(k)) inside.delete(k); else inside.add(k);
    }
    return inside.size ? inside.values().next().value : -1;
  };

  function hatch(g) {
    const c = document.createElement("canvas");
    c.width = c.height = 7;
    const h = c.getContext("2d");
    h.strokeStyle = "rgba(40,40,40,.55)"; h.lineWidth = 1;
    h.beginPath(); h.moveTo(-1, 8); h.lineTo(8, -1); h.moveTo(-1, 1); h.lineTo(1, -1);
    h.moveTo(6, 8); h.lineTo(8, 6); h.stroke();
    return g.createPattern(c, "repeat");
  }

  L.PackedLayer = L.GridLayer.extend({
    options: { tileSize: 512, keepBuffer: 1, updateWhenZooming: false, filled: false },
    initialize: function (shape, classes, options) {
      L.setOptions(this, options);
      this.shape = shape;
      this.classes = bytes(classes);
      this.marked = options.marked ? bytes(options.marked) : null;
    },
    createTile: function (tile) {
      const c = document.createElement("canvas"), size = this.getTileSize().x;
      const r = window.devicePixelRatio || 1, z = Math.pow(2, tile.z) * 256;
      c.width = c.height = size * r;
      const g = c.getContext("2d");
      g.scale(r, r);
      g.lineJoin = g.lineCap = "round";
      const view = { x: tile.x * size / z, y: tile.y * size / z, w: size / z, z: z, m: 6 / z };
      const seen = this.visible(view), styles = this.options.styles;
      for (let q = 0; q < styles.length; q++) this.paint(g, view, seen[q], styles[q], tile.z);
      if (this.marked) this.paintMarked(g, view, seen);
      return c;
    },
    visible: function (v) {
      const seen = this.options.styles.map(function () { return []; }), b = this.shape.box;
      for (let i = 0; i < this.shape.count; i++) {
        const B = 4 * i;
        if (b[B] > v.x + v.w + v.m || b[B + 2] < v.x - v.m || b[B + 1] > v.y + v.w + v.m ||
            b[B + 3] < v.y - v.m) continue;
        const list = seen[this.classes[this.shape.of(i)]];
        if (list) list.push(i);
      }
      return seen;
    },
    trace: function (g, v, parts) {
      const P = this.shape.xy, off = this.shape.off;
      g.beginPath();
      for (const i of parts) {
        for (let j = off[i]; j < off[i + 1]; j++) {
          const x = (P[2 * j] - v.x) * v.z, y = (P[2 * j + 1] - v.y) * v.z;
          if (j === off[i]) g.moveTo(x, y); else g.lineTo(x, y);
        }
      }
    },
    paint: function (g, v, parts, style, zoom) {
      if (!style || !parts.length) return;
      this.trace(g, v, parts);
      if (this.options.filled) {
        g.fillStyle = style.color; g.fill("evenodd");
        g.strokeStyle = "rgba(255,255,255,.8)"; g.lineWidth = 0.6; g.stroke();
        return;
      }
      const wide = style.widths[Math.max(0, Math.min(style.widths.length - 1, zoom - 11))];
      if (!wide) return;
      if (style.casing && wide > 2) {
        g.strokeStyle = style.casing; g.lineWidth = wide + 1.4; g.stroke();
      }
      g.strokeStyle = wide > 2 || !style.casing ? style.color : style.casing;
      g.lineWidth = wide; g.stroke();
    },
    paintMarked: function (g, v, seen) {
      const shape = this.shape, marked = this.marked;
      const parts = [].concat.apply([], seen).filter(function (i) { return marked[shape.of(i)]; });
      if (!parts.length) return;
      this.trace(g, v, parts);
      g.fillStyle = hatch(g); g.fill("evenodd");
    }
  });
})();
