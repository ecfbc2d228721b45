"""The demonstration: a simulated energy community in a real Home Assistant.

Plain pieces, from the outside in: `processes` start and stop programs, `broker` and
`home_assistant` are two of them, `client` talks to Home Assistant as a browser does,
`profiles` and `meters` make up houses and what their meters send, `simulator` sends it,
`community` sets the integration up, `dashboard` draws it, `settle_check` compares the
bill with `script/settle`, and `demo` plays them one after the other. The end-to-end
tests are made of the same pieces.
"""
