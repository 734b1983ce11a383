/// Keys made for these tests alone; none opens anything.
enum TestKeys {
    static let rsa1024 = """
        -----BEGIN RSA PRIVATE KEY-----
        MIICXAIBAAKBgQDZ4caSI+Ya8wQbN8667gKiZpJKTRK7znHlVXHz3K84mPCD0bDH
        c+J1SSCSp08+Y3u1jyCvHKF5TB7D7sYbR2eTPRyF+BCvYiD2a9MVxmSeJyyjRTwb
        DSdm0fuEhvoRUsLuedwdDUSoAMpekv5K9JgrG+jJCR3Mj/pvO+yRuMJ67QIDAQAB
        AoGBAKdNUV+YBzG8VvPbZ3dsGUPAhSZehjsFq7lQYf7B/x3zegOOOTL+De7HZyaV
        KCkc1Lo2G/+6eVcdlyYWK7J4otMmm0Hr+/atDzkw1FGrnByUt0nZ6gxJ2QmGCXCT
        oklpWFeztyea7qOjMCpG639nq2sk/OMyNRBXXL2mKsqqkkmBAkEA9D36ULhiBJg+
        TQ/2p9kgnkqisLyziufmW4qo8lNYp1pyrSpwkN2/GJc6UNF2l+fg+dwgtN0ZtQNU
        GwwMt3ptYQJBAORe7+T9zxEgMpe8n2wf9R5wstuV+ZTUZ89dO8h8Gy8QgvEOwGGc
        pG9fACT8fB1ZfmlUiv25azDPbmurxEwdDQ0CQDTePZK/dqgb9FBmBjQq8b6R1UmA
        bzTAIcLq7ssVc3k2QOBu8VLKTRUblwnrbUpQbQhot8OuoGPoRopcP1xv6cECQF3C
        qKWQmyJB4OOxepau7DlqNdS313eGWXSmp7PhWFvTYJ9N2ih5Yn2jOHD3BJIcOy1N
        m58eMGci0wf7xqUlTEUCQHr/ZmaF0XcXuB/tnefC/fLBUachsfgqyYJHrV4od88W
        zR33XwJ1NoZVPQ1+/n4Ioq1y80lO7D6WNT7jOD094g0=
        -----END RSA PRIVATE KEY-----
        """

    static let elliptic = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgemeIyyyXE66MS2sI
        GMrnsAdqkVsCu3C8+2hSFNW193ChRANCAATPjWmziOK7GSvTsiNjZM3ASc+CHNG2
        HtPX3iKnfkqfNtdRAtUCwyjA+1FpclcaA8x52zliPBIQlHCnIHOUjix2
        -----END PRIVATE KEY-----
        """

    static let locked = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIIFLTBXBgkqhkiG9w0BBQ0wSjApBgkqhkiG9w0BBQwwHAQIQH5kWcxrABwCAggA
        MAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAEqBBDq/dmD67upi3+Hw0goMoZ2BIIE
        0GGBZNxClQ4wT8e+sSoQgP/tUc0bd4pUB5fHRQCf+uDYgTvtOh6LcTsIdJWnIi22
        XSZdIw3wlZuZjQ51JmA90T11Ka3LJhvPxfB06KWXLz1jXFHhwYH6VWzlTV+jknVU
        UFlPhxdHU56N7FkITu3Ng4kDg9Y2qSJVkWTVXJN8f62dZTta3EDQdI7DHubkTy1Q
        O0WOmVOkEbnMBtZud62ju7wJzDtG2+QF/oNlROE79af4GQ4EvZm3B27dfD6h3hPR
        a84QwJsl0v1J1CiP3OFPvpp8/1wgu6bzNBuBHEGjwIKOjqc/pKxwCS8zvHbAO0cO
        pfj0Y5G/ilZEqnGZJhsdKOjxYF2rIxT/o2zD1fCjX1sZbqcEzbQ26/Mwo+6GRmDv
        9BlBkx197dnVIOtRcuY0dx/27b1gBu6g8i3RWu6SMqZoQh1/hNQz79MwomYuiP+E
        gm4kzv9TkAklViucwBT4IY3xjGY1D40EMO8y4s2jAGGfcLBuOYwp5BYW42Vs5ZNw
        1j/KKONxxd+B31nH2o29Sw1RnsKRObI0hhE8R6li5w+mcWXmLaoaih2qWU+DsVzP
        mgt8ANXMhR6uQvFOWzXD75hZgTIPuTRfNGlW6zE9zB8FUfX+oMGm9Rgn91TtLXao
        SNM8LbR1+2U2C8Zole/+DlYJvl8pbtU8VoHKN125V3nVJzf+Vk2Fn/UOzhNN5vfY
        mdbMkJowUcch7CtcNgAUYZh9AJRwVOWZWXQbUAgtNbjO0KFL7wcQ9zMeVU47eKPp
        rOK6CWXt2QYdiHXGT3EKVfz7RN4Hj7lxs2e0vJtOuKVHiCVsbr5qjNLRdhw9FdEV
        aswncjTDsaNZa3kjoh6+SIdcJFyTK/6yeWu+jrmfeiFDiC6M5ym6dFmSeKSQsGry
        6eos+JzbuQAMiyVnOX0iK9FjSQduwAQzucfQpQ1UsU8YTKWMiqPecvUfavk0Q0PO
        PJasl8lEt6lm75t8uId2g2BhdZjXl4b2Axjuqw3Cs1/ZZPTo5iQBigpW5ACTOBLF
        +p8hvhyppB/HuTvcdrQMC+4j+WGKboYH7x4Tr+o/7I1/plP6GbzCX9Tv85GhkFp9
        Yvd+El+KhP2v1obEYVPLHNH7nMFTnRqTmS5Y3dViam3MbUVlg+cz9pOHoOx4qIsX
        gUVxwZHsizWy/5rT5EWXByidvcLnfLGoSvmjCf5S+31ipTTOiLYnQ/J3IaQG0kWE
        4WzjIEhebPZXgpZJ1QQ42rDlTP4NZZ7k1N74mOjDxqEiCskdd079DtwXWlvNoFhV
        TFX432bHH331l6AsOoTBNYMeOpzEvUD1MDa+osrVsICPnpa9DhnLiUW5gwodDtMu
        u+CWnzjOqSDrQGNCsSvmsRAU6erS9jcaY57sKl885S9aQnG6ZCSTmdzqBbS/twEv
        TnqRsG6oTXp/YQilAxv1QWzEB1Cn/SeWX+bAuvMJ9u5SukQGoUkDPSCy1c745GfL
        +nTkLVt5QXid8dWUajmeG25ri72nB3KHUH7ckCBvAt1ELTVZUyECyuX3A3W4Pkx9
        NtB6BhhG5TIA2NGeQX+qHIyaV/8v0ugEoUAus4RVjx9FQFDJ/LztmMMNHTnktoyl
        rp/IAQ0FW+vv6yMlr8lWJLwcw5qBbIOYXn5mj3PS3DAf
        -----END ENCRYPTED PRIVATE KEY-----
        """

    static let pkcs1 = """
        -----BEGIN RSA PRIVATE KEY-----
        MIIEowIBAAKCAQEAuchTVoPOv23ac82oC0ZJrrlZ62D0nMJY7f4nfRLjir1DsniC
        DdDHdeq4X3NI9ocHvy7EQzAgG2WTL4jOokCk97wJ0EqoKOc224gNlu54B03zXN8R
        yN+cWe5gLuHypN70TP1C8r8V5GBKHL0R6vyjlyj1RCPUopFYhr4DlbjA+ZFwWXCp
        nyaPh5GlPLlcPlUfcb9ojogpQDmSFhekHR9m9TIoUWUvbNkO2zlvsjhpvkr4rnjN
        qf3tYANQzxT5XtV6oKSbBv7szMtK4t51UurOTkEG3A3ayyzkMePlg5dfy6sGfUEJ
        HKWgZzTZ52q/KSCmu+GoQrF46i/ftnsNfeBrVQIDAQABAoIBABuQXMkDwluFlXlE
        BJAzq//38R7qojBV53LcGAjHEiqF/TLQDV+2X7mfix5iUOt+ykfzzNu5GrJl5ioR
        zrKlC7TT2dLlGMEE2Q9GRtnjZLyUtKxNTmqyvpRbOTsLfAA5Mh7wHow8jKd3H9fW
        t39ZX34wbf9fn49FKFDJhWej40HDsN9DBhZIkKO+EtwN0v1W0mEMbZxl45MYkKoL
        KyuNyyt8+hVHSwqIUpdR8DCZSkHi2kXZ/786+LYePZT5LIeYHHEFR2nPPd1ocw89
        +DmvPM/OZrYIDK/xXBkfav6ORVWVJ/xrwPS00qLqjnxpuwUqgZh8Mvb5Cpo6zIoy
        4eYNDUsCgYEA7vIYE3H8jL3xt2z6/tcEXzyfum21nT1qHwtN+4Ih4PmBkqok91Vo
        MZNATVSHgw5jqVptZxWHPNsOInISg+eCRrsiJ7SqJgve6H1q6wbF3QdwnXBBmEzG
        2X2Ojv+iLNuPAWvUNl9otH5uERKuv6J2JTUMhi0ndc9v/R1GYZKZ4yMCgYEAxwrb
        zye8jew9ieS8Por7TDJdSI86kcb2lD0k9Vh5QklaeiJFhAoHxeXtU21bUAwJDuKd
        0jPfrICCc6PFvxkvhwKs1xouxHIrC7g2aFSOnCF9FVTR4175lSnmhTwxpqB7EzsA
        +VLrFc3Pw9D6GCv3Koaxcmf/hmh46ThSJKXPeycCgYA6HPEUEZ3tkOivxraIsjyi
        +PiT+8i21E/x+urdZ3nb4HLN+8l/yerMW9bAt/U5P4+niZGgB5FbkJ8wa3PrVqvN
        jgexhnP3St3Mx2vwezY2GnAeKkYZx1p5XNsGFlAX/tIZ82KqUqwBcdpNFrEfdGCt
        jehc3bCCK5A+DBeo9WGt5wKBgQCfNfpZG4nhZCRdVo+U34rfijG/xoGs9Z9rN/WG
        Irzr3sz2gM9mLLfG/oH1h7XQs6/TLkXbTA8QZsLySP/2Oekgb21dqd3a2Q/BkhpD
        Hc/s54SsOWqiGug8/oUb8egtRpTr7vh6dm8Aw9363gAOsaxFYfQydSmZk5uTwa9D
        DTaHZQKBgB4zcGkMAGTzBI5em2o5mR7mogQCnaipyi9OkzDifrWDSmuN8wzMjHZJ
        m9ba2K301/C7M3miaP5dSF+5jXaeSsesDlW7fOnYlRBjTkBoglhhw75hmhNMU3Mp
        gDnh3OO9H9LOC32Vxwefa3goEa0GQ67u2+Ny3OTdaQpNO3ErI5Oo
        -----END RSA PRIVATE KEY-----
        """
}
